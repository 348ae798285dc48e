# One command each: `make run` for people, `make test` for developers; `make` alone explains.
#
# The stamps say what the environment was made from: it is only touched again when
# pyproject.toml or constraints.txt changed, so that the second `make run` starts in seconds.

BIN := .venv/bin
RUN := .venv/.installed-run
DEV := .venv/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run setup models test dev test-models format screenshots constraints clean

help:
	@echo 'make run          cài đặt, tải mô hình, nạp văn bản mẫu rồi mở trang hỏi đáp'
	@echo 'make setup        chỉ cài đặt vào .venv'
	@echo 'make models       chỉ tải các mô hình đang dùng (bị ngắt thì lần sau tải tiếp)'
	@echo 'make test         cài những gì còn thiếu rồi chạy mọi phép kiểm tra'
	@echo 'make format       định dạng mã nguồn và sửa các lỗi tự sửa được'
	@echo 'make screenshots  chụp lại các hình của README (cần chromium và các mô hình)'
	@echo 'make constraints  ghi lại phiên bản đang cài vào constraints.txt'
	@echo 'make clean        xoá .venv và tệp tạm (mô hình và dữ liệu vẫn còn)'
	@echo
	@echo 'Biến: PYTHON=python3.12 chọn Python; CONGVU_MODELS=… chọn nơi để mô hình.'
	@echo 'Linux không có GPU: PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make run'
	@echo 'cài bản torch nhỏ thay cho bản CUDA nhiều GB.'

run: $(RUN) models
	$(BIN)/congvu serve --samples

setup: $(RUN)

models: $(RUN)
	$(BIN)/congvu models pull

$(RUN): pyproject.toml constraints.txt scripts/setup.sh
	scripts/setup.sh
	@touch $@

$(DEV): $(RUN)
	scripts/setup.sh dev,ocr,peers
	@touch $@

dev: $(DEV)

test-models: $(RUN)
	$(BIN)/congvu models pull --tests

test: $(DEV) test-models
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/pytest -m "not slow"

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: $(DEV) models
	$(BIN)/python scripts/screenshots.py

# The wheel compiled here and the machine's own build of torch go in by their plain versions.
constraints: $(DEV)
	{ sed -n '/^#/p' constraints.txt; \
	  $(BIN)/pip freeze --exclude-editable | sed -E 's/^torch==([0-9.]+).*/torch==\1/; s/^llama_cpp_python @ .*llama_cpp_python-([0-9.]+)-.*/llama_cpp_python==\1/'; \
	} > constraints.tmp
	mv constraints.tmp constraints.txt

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
