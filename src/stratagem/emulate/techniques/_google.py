"""What techniques on Google Cloud share: a key of a service account that was found."""

from __future__ import annotations

ACCOUNT = "deploy@example-prod.iam.gserviceaccount.com"
"""The service account that the key is of."""
WITH_ITS_KEY = {
    "protoPayload.status": {},
    "protoPayload.authenticationInfo.principalEmail": ACCOUNT,
    "protoPayload.authenticationInfo.principalSubject": f"serviceAccount:{ACCOUNT}",
    "protoPayload.authenticationInfo.serviceAccountKeyName": (
        f"//iam.googleapis.com/projects/example-prod/serviceAccounts/{ACCOUNT}/keys/0a1b2c3d4e5f"
    ),
}
"""A call that is answered, made with a key of that account."""
