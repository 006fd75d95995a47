"""The embedded runtime: PostgreSQL and a Kafka broker from wheels, the five services, one supervisor.

It only starts processes and sets the environment variables that a production deployment sets as well; the services
cannot see the difference.
"""
