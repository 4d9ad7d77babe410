"""Sigma: rule text -> matcher, dispatch and prefilter, SQL predicate. The only importer of pySigma."""
