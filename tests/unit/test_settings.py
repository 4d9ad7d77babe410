"""Where a setting's value comes from, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.errors import UsageError
from stratagem.settings import SETTINGS, Settings, find_workspace, load, misspelt_variables, user_file


def _file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_files_flags_and_variables_every_setting_has_its_default() -> None:
    assert load(environ={}) == Settings()


def test_a_flag_wins_over_environment_workspace_and_user(tmp_path: Path) -> None:
    user = _file(tmp_path / "config.toml", 'fail_on = "low"\n')
    _file(tmp_path / "stratagem.toml", 'fail_on = "medium"\n')
    environ = {"STRATAGEM_FAIL_ON": "high"}
    layers = {"user": user, "workspace": tmp_path, "environ": environ, "flags": {"fail_on": "critical"}}
    seen = []
    for weaker in ("flags", "environ", "workspace", "user"):
        seen.append(load(**{"environ": {}, **layers}).fail_on)  # type: ignore[arg-type]
        del layers[weaker]
    assert seen == ["critical", "high", "medium", "low"]


def test_origins_tell_where_each_value_was_said(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", "workers = 2\n")
    settings = load(environ={"STRATAGEM_QUIET": "yes"}, workspace=tmp_path, flags={"strict": True, "lake": None})
    assert settings.origins == {
        "workers": f"{tmp_path}/stratagem.toml: workers",
        "quiet": "STRATAGEM_QUIET",
        "strict": "--strict",
    }


def test_an_unknown_key_is_an_error_with_its_line_and_the_valid_keys(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", 'workers = 2\nfail_onn = "high"\n')
    with pytest.raises(UsageError) as error:
        load(environ={}, workspace=tmp_path)
    assert f"{tmp_path}/stratagem.toml:2: unknown key 'fail_onn'. Did you mean 'fail_on'?" in str(error.value)
    assert "Valid keys: format, strategies, rules" in str(error.value)


def test_all_wrong_values_are_told_at_once(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", 'workers = 0\nstrict = "maybe"\n[section]\n')
    with pytest.raises(UsageError) as error:
        load(environ={"STRATAGEM_FORMAT": "xml"}, workspace=tmp_path)
    lines = str(error.value).splitlines()
    assert len(lines) == 4
    wanted = "table, ndjson, json, csv, md, junit, sarif"
    assert lines[-1] == f"STRATAGEM_FORMAT: 'xml' does not work for format. Give one of {wanted}."


def test_a_broken_file_is_a_usage_error_that_names_it(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", "workers = \n")
    with pytest.raises(UsageError, match="cannot be read as TOML"):
        load(environ={}, workspace=tmp_path)


def test_a_relative_path_in_a_file_starts_from_that_file(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", 'rules = "sigma"\nlake = "lake"\n')
    settings = load(environ={}, workspace=tmp_path)
    assert settings.rules == tmp_path / "sigma"
    assert settings.lake == str(tmp_path / "lake")


def test_a_lake_with_a_scheme_is_no_path(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", 'lake = "s3://bucket/lake"\n')
    assert load(environ={}, workspace=tmp_path).lake == "s3://bucket/lake"


def test_the_workspace_is_the_nearest_folder_with_a_stratagem_toml(tmp_path: Path) -> None:
    _file(tmp_path / "stratagem.toml", "")
    inner = tmp_path / "strategies" / "aws"
    inner.mkdir(parents=True)
    assert find_workspace(inner) == tmp_path


def test_the_user_file_follows_the_xdg_variable() -> None:
    assert user_file({"XDG_CONFIG_HOME": "/x"}) == Path("/x/stratagem/config.toml")


def test_a_misspelt_variable_is_noted_and_a_foreign_one_is_not() -> None:
    notes = misspelt_variables({"STRATAGEM_FAIL_ONN": "x", "STRATAGEM_SERVICE_HOST": "x", "STRATAGEM_STRICT": "1"})
    assert notes == ("STRATAGEM_FAIL_ONN is no setting. Did you mean STRATAGEM_FAIL_ON?",)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_a_default_and_a_sentence(setting) -> None:  # type: ignore[no-untyped-def]
    assert setting.help.endswith(".")
    assert getattr(Settings(), setting.name) == setting.default
