"""Settings come from the environment, then a file, then defaults; a wrong one says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.runtime.settings import Settings
from corpus.errors import BadInput


def written(folder: Path, text: str) -> Path:
    path = folder / "congvu.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(environ: dict[str, str], folder: Path) -> Settings:
    return Settings.load({"CONGVU_HOME": str(folder)} | environ)


def test_defaults_hold_on_a_machine_without_any_setting(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert settings.llm == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert settings.embedder == "embeddinggemma-300m"
    assert settings.models == Path.home() / ".cache/congvu/models"
    assert settings.threads >= 1


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    written(tmp_path, 'queue_size = 3\nthreads = 5\nlead = "quote"\n')
    settings = load({"CONGVU_THREADS": "7"}, tmp_path)
    assert (settings.threads, settings.queue_size, settings.lead) == (7, 3, "quote")
    assert settings.evidence_clauses == Settings().evidence_clauses


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text("queue_size = 4", encoding="utf-8-sig")
    assert load({"CONGVU_CONFIG": str(elsewhere)}, tmp_path).queue_size == 4
    assert Settings.load({}, config=elsewhere).queue_size == 4


def test_an_empty_variable_is_as_if_it_were_not_set(tmp_path: Path) -> None:
    assert load({"CONGVU_THREADS": "", "CONGVU_CONFIG": ""}, tmp_path).threads >= 1


def test_xdg_folders_are_honoured_below_everything_else(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    settings = Settings.load(environ)
    assert settings.models == tmp_path / "c/congvu/models"
    assert settings.home == tmp_path / "d/congvu"
    chosen = Settings.load(environ | {"CONGVU_MODELS": str(tmp_path / "m")})
    assert chosen.models == tmp_path / "m"
    assert Settings.load({"XDG_CACHE_HOME": "relative"}).models == Settings().models


def test_the_constructor_reads_nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONGVU_QUEUE_SIZE", "77")
    assert Settings().queue_size == 8
    assert Settings.load().queue_size == 77


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("CONGVU_THREADS", "abc", "số nguyên từ 1 đến 256"),
        ("CONGVU_THREADS", "0", "số nguyên từ 1 đến 256"),
        ("CONGVU_QUEUE_SIZE", "100000", "số nguyên từ 1 đến 1024"),
        ("CONGVU_LEAD", "poem", "llm hoặc quote"),
        ("CONGVU_LLM_SERVER", "localhost:8080", "địa chỉ http:// hoặc https://"),
    ],
)
def test_a_wrong_value_names_the_variable_the_value_and_what_is_allowed(
    tmp_path: Path, variable: str, value: str, allowed: str
) -> None:
    with pytest.raises(BadInput) as caught:
        load({variable: value}, tmp_path)
    assert f"{variable} = {value!r}" in caught.value.message
    assert allowed in caught.value.message
    assert f"biến môi trường {variable}" in caught.value.remedy


def test_a_wrong_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "evidence_clauses = 0")
    with pytest.raises(BadInput, match=r"evidence_clauses = 0 .*từ 1 đến 30") as caught:
        load({}, tmp_path)
    assert str(path) in caught.value.remedy


def test_a_misspelt_key_is_refused_and_the_right_one_proposed(tmp_path: Path) -> None:
    written(tmp_path, "quue_size = 3")
    with pytest.raises(BadInput, match="quue_size") as caught:
        load({}, tmp_path)
    assert "queue_size" in caught.value.remedy


@pytest.mark.parametrize("content", [b"threads = ", b"\xff\xfe\x00", b"threads: 4"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "congvu.toml").write_bytes(content)
    with pytest.raises(BadInput, match="không phải TOML"):
        load({}, tmp_path)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.toml"):
        load({"CONGVU_CONFIG": str(tmp_path / "nowhere.toml")}, tmp_path)


def test_secrets_are_hidden_wherever_settings_are_shown(tmp_path: Path) -> None:
    settings = load(
        {
            "CONGVU_LLM_SERVER_KEY": "sk-hidden",
            "CONGVU_HUB_TOKEN": "hf-hidden",
            "CONGVU_MODEL_MIRROR": "https://me:pw-hidden@mirror.example/m",
        },
        tmp_path,
    )
    shown = str(settings.redacted())
    assert not any(secret in shown for secret in ("sk-hidden", "hf-hidden", "pw-hidden"))
    assert settings.redacted()["model_mirror"] == "https://***@mirror.example/m"
    assert settings.llm_server_key is not None
    assert settings.llm_server_key.get_secret_value() == "sk-hidden"


def test_a_secret_of_the_wrong_kind_is_not_repeated(tmp_path: Path) -> None:
    written(tmp_path, "hub_token = 123456")
    with pytest.raises(BadInput) as caught:
        load({}, tmp_path)
    assert "123456" not in str(caught.value)


def test_every_setting_is_described_and_every_number_is_bounded() -> None:
    rows = Settings.describe()
    assert [row.name for row in rows] == list(Settings.model_fields)
    for row in rows:
        assert row.variable == f"CONGVU_{row.name.upper()}"
        assert row.meaning.endswith(".")
        assert row.default
        assert row.values
    assert list(Settings().redacted()) == [row.name for row in rows]


def test_every_variable_of_the_table_is_read(tmp_path: Path) -> None:
    samples = {
        "số nguyên": "20",
        "llm hoặc": "quote",
        "none hoặc": "llama.cpp",
        "địa chỉ": "http://h/v1",
        "true": "true",
        "phần đường dẫn": "/congvu",
    }
    for row in Settings.describe():
        sample = next((samples[key] for key in samples if row.values.startswith(key)), "x")
        settings = load({row.variable: sample}, tmp_path)
        assert getattr(settings, row.name) != getattr(Settings(), row.name)


@given(st.integers(min_value=1, max_value=256))
def test_an_allowed_number_is_taken_as_it_is(threads: int) -> None:
    assert Settings(threads=threads).threads == threads
