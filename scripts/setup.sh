#!/usr/bin/env bash
# Install congvu into .venv.   scripts/setup.sh [dev]
#
# llama-cpp-python has no wheel on PyPI and takes minutes to compile. Its wheel is made once and
# kept outside the tree, so that the next clone and CI take it from there.
set -euo pipefail
cd "$(dirname "$0")/.."

extra=${1:+[$1]}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/congvu
wheels=$cache/wheels
llama=$(sed -n 's/^llama_cpp_python==//p' constraints.txt)

fail() {
    printf '%s\n' "$@" >&2
    exit 3
}

find_python() {
    local name
    for name in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail 'Cần Python 3.11 trở lên.' 'Hãy cài rồi chạy lại, hoặc chỉ rõ: make PYTHON=/đường/dẫn/python3.11 …'
}

# A venv whose making was interrupted has no pip that runs: it is made again.
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    "$python" -m venv --clear .venv ||
        fail 'Không tạo được môi trường ảo .venv.' 'Trên Debian/Ubuntu hãy cài gói python3-venv rồi chạy lại.'
fi

mkdir -p "$wheels"
if ! compgen -G "$wheels/llama_cpp_python-$llama-*_$(uname -m).whl" >/dev/null; then
    command -v "${CXX:-c++}" >/dev/null ||
        fail 'Cần trình biên dịch C++ để dựng llama-cpp-python.' 'Hãy cài g++ hoặc clang rồi chạy lại.'
    echo "Biên dịch llama-cpp-python $llama (một lần duy nhất, chừng 5 phút)…" >&2
    # Built beside its place and moved there whole: an interrupted build leaves no half wheel.
    draft=$(mktemp -d "$cache/wheel.XXXXXX")
    trap 'rm -rf "$draft"' EXIT
    .venv/bin/python -m pip wheel --no-deps --no-binary llama-cpp-python --wheel-dir "$draft" \
        "llama-cpp-python==$llama"
    mv "$draft"/llama_cpp_python-*.whl "$wheels/"
fi

.venv/bin/python -m pip install --constraint constraints.txt --find-links "$wheels" --editable ".$extra"
