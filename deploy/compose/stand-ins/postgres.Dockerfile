# Stands in for the official image postgres:18 where no registry can be reached; PostgreSQL 18 comes from its wheel.
FROM localhost/ccc-base
RUN groupadd --gid 999 postgres && useradd --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres \
 && mkdir -p /var/lib/postgresql /docker-entrypoint-initdb.d && chown postgres:postgres /var/lib/postgresql
COPY pginstall18 /usr/lib/postgresql/18
COPY postgres-entrypoint.sh /usr/local/bin/entrypoint.sh
ENV PATH=/usr/lib/postgresql/18/bin:$PATH PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
ENTRYPOINT ["/bin/bash", "/usr/local/bin/entrypoint.sh"]
CMD ["postgres"]
