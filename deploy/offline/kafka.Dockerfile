# Stand-in for apache/kafka: the same jars, folders, user and way to be configured (KAFKA_* and CLUSTER_ID).
ARG DEBIAN
FROM ${DEBIAN}
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null \
  && rm -rf /var/lib/apt/lists/*
COPY libs /opt/kafka/libs
COPY log4j2.xml /etc/kafka/docker/log4j2.xml
COPY kafka-run.sh /etc/kafka/docker/run
RUN groupadd --gid 1000 appuser && useradd --uid 1000 --gid appuser --shell /bin/bash --create-home appuser \
  && chmod 755 /etc/kafka/docker/run && touch /etc/kafka/docker/server.properties \
  && mkdir -p /var/lib/kafka/data /etc/kafka/secrets /mnt/shared/config /opt/kafka/config \
  && chown -R appuser:appuser /opt/kafka/config /mnt/shared/config /var/lib/kafka /etc/kafka
EXPOSE 9092
USER appuser
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
CMD ["/etc/kafka/docker/run"]
