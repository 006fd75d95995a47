# Stands in for the official image apache/kafka where no registry can be reached; Kafka's jars come from Maven Central.
FROM localhost/ccc-base
RUN groupadd --gid 1000 appuser && useradd --uid 1000 --gid appuser --no-create-home appuser \
 && mkdir -p /var/lib/kafka/data /opt/kafka/config && chown -R appuser:appuser /var/lib/kafka /opt/kafka/config
COPY libs /opt/kafka/libs
COPY kafka-entrypoint.sh /usr/local/bin/entrypoint.sh
USER 1000:1000
VOLUME /var/lib/kafka/data
ENTRYPOINT ["/bin/bash", "/usr/local/bin/entrypoint.sh"]
