namespace ProdSprint.Projects;

/// <summary>Which databases, queues and caches a service speaks to, by the client packages it has.</summary>
public static class ServiceNeeds
{
    private static readonly (string Need, string[] Packages)[] Known =
    [
        ("postgres", ["pg", "postgres", "pg-promise", "@prisma/adapter-pg", "psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "asyncpg", "Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL", "postgresql", "r2dbc-postgresql", "postgrex", "ext-pdo_pgsql", "ext-pgsql", "tokio-postgres", "diesel-postgres", "PostgresNIO", "FluentPostgresDriver", "pog", "gleam_pgo", "postgresql-simple", "crystal-pg", "github.com/lib/pq", "github.com/jackc/pgx", "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v4"]),
        ("mysql", ["mysql", "mysql2", "mysqlclient", "pymysql", "MySqlConnector", "Pomelo.EntityFrameworkCore.MySql", "mysql-connector-j", "mysql-connector-java", "mariadb-java-client", "myxql", "ext-pdo_mysql", "ext-mysqli", "FluentMySQLDriver", "aiomysql", "mysql-connector-python", "github.com/go-sql-driver/mysql"]),
        ("sqlserver", ["mssql", "tedious", "pyodbc", "mssql-jdbc", "tds", "ext-sqlsrv", "Microsoft.Data.SqlClient", "Microsoft.EntityFrameworkCore.SqlServer"]),
        ("sqlite", ["sqlite3", "better-sqlite3", "aiosqlite", "sqlite-jdbc", "rusqlite", "ecto_sqlite3", "exqlite", "FluentSQLiteDriver", "sqlite", "Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.Data.Sqlite", "modernc.org/sqlite", "github.com/mattn/go-sqlite3"]),
        ("mongodb", ["mongodb", "mongoose", "pymongo", "motor", "MongoDB.Driver", "mongodb-driver-sync", "spring-boot-starter-data-mongodb", "mongoid", "mongodb_driver", "ext-mongodb", "mongodb/mongodb", "mongodb/laravel-mongodb", "mongoengine", "beanie", "go.mongodb.org/mongo-driver"]),
        ("redis", ["redis", "ioredis", "bull", "bullmq", "bee-queue", "@upstash/redis", "jedis", "lettuce-core", "spring-boot-starter-data-redis", "sidekiq", "resque", "redix", "ext-redis", "predis/predis", "aioredis", "rq", "arq", "redis-rs", "fred", "celery[redis]", "django-redis", "StackExchange.Redis", "Microsoft.Extensions.Caching.StackExchangeRedis", "github.com/redis/go-redis/v9", "github.com/go-redis/redis/v8"]),
        ("kafka", ["kafkajs", "confluent-kafka", "kafka-python", "aiokafka", "Confluent.Kafka", "spring-kafka", "kafka-clients", "rdkafka", "ruby-kafka", "karafka", "brod", "broadway_kafka", "rskafka", "github.com/confluentinc/confluent-kafka-go/v2", "github.com/segmentio/kafka-go", "github.com/IBM/sarama"]),
        ("rabbitmq", ["amqplib", "pika", "aio-pika", "RabbitMQ.Client", "spring-boot-starter-amqp", "bunny", "sneakers", "amqp", "lapin", "php-amqplib/php-amqplib", "broadway_rabbitmq", "kombu", "amqp-client", "MassTransit.RabbitMQ", "github.com/rabbitmq/amqp091-go"]),
        ("s3", ["@aws-sdk/client-s3", "boto3", "AWSSDK.S3", "s3", "aws-sdk-s3", "league/flysystem-aws-s3-v3", "ex_aws_s3", "django-storages", "@google-cloud/storage", "rust-s3", "github.com/aws/aws-sdk-go-v2/service/s3", "minio"]),
        ("elasticsearch", ["@elastic/elasticsearch", "elasticsearch", "NEST", "@opensearch-project/opensearch", "opensearch-py", "elasticsearch-py", "spring-boot-starter-data-elasticsearch", "searchkick", "elasticsearch/elasticsearch", "github.com/elastic/go-elasticsearch/v8", "Elastic.Clients.Elasticsearch"]),
        ("memcached", ["memcached", "memjs", "pymemcache", "dalli", "ext-memcached", "spymemcached", "EnyimMemcachedCore", "github.com/bradfitz/gomemcache"]),
        ("nats", ["nats", "nats-py", "async-nats", "NATS.Client", "NATS.Net", "gnat", "jnats", "github.com/nats-io/nats.go"]),
        ("clickhouse", ["@clickhouse/client", "clickhouse-driver", "clickhouse-connect", "ClickHouse.Client", "github.com/ClickHouse/clickhouse-go/v2"]),
        ("neo4j", ["neo4j-driver", "neo4j", "Neo4j.Driver"]),
        ("sqs", ["@aws-sdk/client-sqs", "AWSSDK.SQS", "github.com/aws/aws-sdk-go-v2/service/sqs"]),
    ];

    public static IEnumerable<string> Of(IReadOnlySet<string> packages) => Known.Where(k => k.Packages.Any(packages.Contains)).Select(k => k.Need).Order(StringComparer.Ordinal);
}
