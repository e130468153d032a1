#!/usr/bin/env bash
# Builds the image where there is no engine, by Debian's buildah in chroots: tools/build-image.sh [FOLDER]
#
# The base that the Dockerfile names is taken from buildah's storage. Where it is not there it is pulled, or, with BASE=debian, made of
# Debian's packages (debootstrap) and of the packages `node` and `npm`, and put there under that name. With FOLDER, the image's root
# file system is laid there. It takes root, `apt-get install buildah debootstrap`, and `npm ci` before it.
set -euo pipefail
cd "$(dirname "$0")/.."

name=localhost/imagemeta:latest
base=docker.io/library/node:24-slim
export BUILDAH_ISOLATION=chroot
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_base() {
  local root=$work/base container
  debootstrap --variant=minbase bookworm "$root" >"$work/debootstrap.log" || { cat "$work/debootstrap.log" >&2; return 1; }
  # As Debian's slim images are.
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/*.log
  rm -rf "$root"/usr/share/{doc,man,info,locale,lintian,groff}/*
  cp node_modules/node/bin/node "$root/usr/local/bin/node"
  npm install --global --prefix "$root/usr/local" --silent npm@11
  chroot "$root" useradd --uid 1000 --user-group --create-home --shell /bin/bash node
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$root" / >/dev/null
  buildah config --cmd node "$container"
  buildah commit --quiet --rm "$container" "$base" >/dev/null
}

buildah inspect --type image "$base" >/dev/null 2>&1 || if [ "${BASE:-}" = debian ]; then make_base; else buildah pull --quiet "$base"; fi

# How this machine reaches the package registry is lent to the steps of the build, and is in no layer.
lent=()
cafile=$(npm config get cafile)
if [ -f "$cafile" ]; then
  printf 'cafile=/run/lent/ca.pem\n' >"$work/npmrc"
  lent=(--volume "$cafile:/run/lent/ca.pem:ro" --volume "$work/npmrc:/root/.npmrc:ro")
fi
buildah build --quiet --format docker --layers=false "${lent[@]}" --tag "$name" . >/dev/null

if [ -n "${1:-}" ]; then
  container=$(buildah from "$name")
  mkdir -p "$1"
  cp -a "$(buildah mount "$container")/." "$1"
  buildah rm "$container" >/dev/null
fi
