# A managed database, reachable only from the services that are named, its password made and rotated by AWS.

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "The database: from its services only"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each                     = var.clients
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  description                  = each.key
}

resource "aws_kms_key" "this" {
  description             = "${var.name}: the database at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_db_parameter_group" "this" {
  name   = var.name
  family = var.family

  parameter {
    name         = var.encryption_parameter
    value        = "1"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "this" {
  identifier                          = var.name
  engine                              = var.engine
  engine_version                      = var.engine_version
  instance_class                      = var.instance_class
  allocated_storage                   = var.storage_gib
  max_allocated_storage               = var.storage_gib * 5
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.this.arn
  db_name                             = var.database
  username                            = "prodsprint"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.this.arn
  port                                = var.port
  multi_az                            = var.multi_az
  publicly_accessible                 = false
  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  parameter_group_name                = aws_db_parameter_group.this.name
  backup_retention_period             = var.backup_days
  deletion_protection                 = var.protect
  skip_final_snapshot                 = !var.protect
  final_snapshot_identifier           = var.protect ? "${var.name}-final" : null
  copy_tags_to_snapshot               = true
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = aws_kms_key.this.arn
  iam_database_authentication_enabled = true
}
