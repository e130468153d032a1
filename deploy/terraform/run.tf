locals {
  common = ["--to=${var.store}", "--project=${var.project}", "--host=0.0.0.0", "--grace=8"]
}

resource "google_cloud_run_v2_worker_pool" "worker" {
  count               = var.runs_as == "worker-pool" ? 1 : 0
  project             = var.project
  location            = var.region
  name                = "imagemeta-worker"
  deletion_protection = false

  scaling {
    manual_instance_count = var.workers
  }

  template {
    service_account = google_service_account.worker.email

    dynamic "vpc_access" {
      for_each = var.network[*]
      content {
        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }

    containers {
      name  = "worker"
      image = var.image
      args = concat(
        ["worker", "--subscription=projects/${var.project}/subscriptions/${var.name}-workers", "--port=8080"],
        local.common,
      )

      dynamic "env" {
        for_each = var.store_password_secret[*]
        content {
          name = "PGPASSWORD"
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1536Mi"
        }
      }

      startup_probe {
        period_seconds    = 2
        failure_threshold = 30
        http_get {
          path = "/healthz"
          port = 8080
        }
      }

      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 5
        failure_threshold = 6
        http_get {
          path = "/healthz"
          port = 8080
        }
      }
    }
  }

  # It starts with the right to take events, and its number is its autoscaler's business.
  depends_on = [google_pubsub_subscription_iam_member.worker, google_secret_manager_secret_iam_member.store_password]
  lifecycle {
    ignore_changes = [scaling]
    precondition {
      condition     = var.image != null
      error_message = "A worker pool needs an image."
    }
  }
}

resource "google_cloud_run_v2_service" "push" {
  count               = local.is_push ? 1 : 0
  project             = var.project
  location            = var.region
  name                = "imagemeta-push"
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  deletion_protection = false
  custom_audiences    = [var.push_audience]

  template {
    service_account                  = google_service_account.worker.email
    max_instance_request_concurrency = 80
    timeout                          = "60s"

    scaling {
      min_instance_count = 0
      max_instance_count = var.most_instances
    }

    dynamic "vpc_access" {
      for_each = var.network[*]
      content {
        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }

    containers {
      name  = "push"
      image = var.image
      args = concat(
        ["serve", "--dead-letter=projects/${var.project}/topics/${var.name}-dead", "--max-messages=80"],
        local.common,
      )

      ports {
        container_port = 8080
      }

      env {
        name  = "IMAGEMETA_PUSH_AUDIENCE"
        value = var.push_audience
      }

      env {
        name  = "IMAGEMETA_PUSH_EMAIL"
        value = google_service_account.pusher[0].email
      }

      dynamic "env" {
        for_each = var.store_password_secret[*]
        content {
          name = "PGPASSWORD"
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1536Mi"
        }
        startup_cpu_boost = true
      }

      startup_probe {
        period_seconds    = 2
        failure_threshold = 30
        http_get {
          path = "/healthz"
        }
      }

      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 5
        failure_threshold = 6
        http_get {
          path = "/healthz"
        }
      }
    }
  }

  depends_on = [google_secret_manager_secret_iam_member.store_password]
  lifecycle {
    precondition {
      condition     = var.image != null
      error_message = "A push service needs an image."
    }
  }
}
