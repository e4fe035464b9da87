namespace ProdSprint.Projects;

/// <summary>Which databases, queues and caches a service speaks to, by the client packages it has.</summary>
public static class ServiceNeeds
{
    private static readonly (string Need, string[] Packages)[] Known =
    [
        ("postgres", ["pg", "postgres", "pg-promise", "@prisma/adapter-pg", "psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "asyncpg", "Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL", "github.com/lib/pq", "github.com/jackc/pgx", "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v4"]),
        ("mysql", ["mysql", "mysql2", "mysqlclient", "pymysql", "MySqlConnector", "Pomelo.EntityFrameworkCore.MySql", "github.com/go-sql-driver/mysql"]),
        ("sqlserver", ["mssql", "tedious", "pyodbc", "Microsoft.Data.SqlClient", "Microsoft.EntityFrameworkCore.SqlServer"]),
        ("sqlite", ["sqlite3", "better-sqlite3", "aiosqlite", "Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.Data.Sqlite", "modernc.org/sqlite", "github.com/mattn/go-sqlite3"]),
        ("mongodb", ["mongodb", "mongoose", "pymongo", "motor", "MongoDB.Driver", "go.mongodb.org/mongo-driver"]),
        ("redis", ["redis", "ioredis", "bull", "bullmq", "django-redis", "StackExchange.Redis", "Microsoft.Extensions.Caching.StackExchangeRedis", "github.com/redis/go-redis/v9", "github.com/go-redis/redis/v8"]),
        ("kafka", ["kafkajs", "confluent-kafka", "kafka-python", "aiokafka", "Confluent.Kafka", "github.com/segmentio/kafka-go", "github.com/IBM/sarama"]),
        ("rabbitmq", ["amqplib", "pika", "aio-pika", "RabbitMQ.Client", "MassTransit.RabbitMQ", "github.com/rabbitmq/amqp091-go"]),
        ("s3", ["@aws-sdk/client-s3", "boto3", "AWSSDK.S3", "github.com/aws/aws-sdk-go-v2/service/s3", "minio"]),
        ("elasticsearch", ["@elastic/elasticsearch", "elasticsearch", "NEST", "Elastic.Clients.Elasticsearch"]),
    ];

    public static IEnumerable<string> Of(IReadOnlySet<string> packages) => Known.Where(k => k.Packages.Any(packages.Contains)).Select(k => k.Need).Order(StringComparer.Ordinal);
}
