#!/bin/bash
# Kafka's own wrapper reads the environment, writes server.properties and formats the log: as in the official image.
set -euo pipefail
export CLUSTER_ID=${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}
java=(java "-Dlog4j2.configurationFile=file:/etc/kafka/docker/log4j2.xml" -cp '/opt/kafka/libs/*')
# A log that an earlier container formatted is what we want.
said=$("${java[@]}" -XX:TieredStopAtLevel=1 -Dlog4j2.level=ERROR kafka.docker.KafkaDockerWrapper setup \
  --default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config \
  --final-configs-dir /opt/kafka/config 2>&1) || grep -qi 'already formatted' <<<"$said" || {
  echo "$said" >&2
  exit 1
}
read -ra heap <<<"${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}"
read -ra options <<<"${KAFKA_JVM_PERFORMANCE_OPTS:-}"
exec "${java[@]}" "${heap[@]}" "${options[@]}" kafka.Kafka /opt/kafka/config/server.properties
