# Stand-in for postgres:18: the server of npm's package, Debian's client tools, the same folders, user and settings.
ARG DEBIAN
FROM ${DEBIAN}
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends postgresql-client gosu >/dev/null \
  && rm -rf /var/lib/apt/lists/*
COPY native /opt/postgres
COPY postgres-run.sh /usr/local/bin/docker-entrypoint.sh
# npm keeps no links: ldconfig makes those that the libraries' own names ask for.
RUN ldconfig -n /opt/postgres/lib \
  && chmod -R go+rX /opt/postgres && chmod 755 /usr/local/bin/docker-entrypoint.sh \
  && groupadd --gid 999 postgres && useradd --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres \
  && mkdir -p /docker-entrypoint-initdb.d /var/run/postgresql \
  && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql \
  && install -d -o postgres -g postgres -m 2775 /var/run/postgresql
ENV PATH=/opt/postgres/bin:$PATH PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
