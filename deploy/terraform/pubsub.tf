# The settings are those of `imagemeta setup`; a test holds them together.

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "bucket" {
  project = coalesce(var.bucket_project, var.project)
}

locals {
  pubsub_agent  = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  storage_agent = "serviceAccount:${data.google_storage_project_service_account.bucket.email_address}"
  retention     = "${31 * 24 * 3600}s"
  is_push       = var.runs_as == "push"
}

resource "google_pubsub_topic" "events" {
  project = var.project
  name    = var.name
}

resource "google_pubsub_topic" "dead_letters" {
  project = var.project
  name    = "${var.name}-dead"
}

resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project
  name                       = "${var.name}-dead-sub"
  topic                      = google_pubsub_topic.dead_letters.id
  ack_deadline_seconds       = 60
  message_retention_duration = local.retention

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "events" {
  project = var.project
  name    = "${var.name}-workers"
  topic   = google_pubsub_topic.events.id
  # A worker extends its leases; nobody extends that of a push.
  ack_deadline_seconds       = local.is_push ? 60 : 10
  message_retention_duration = local.retention

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 20
  }

  dynamic "push_config" {
    for_each = google_cloud_run_v2_service.push
    content {
      push_endpoint = push_config.value.uri
      oidc_token {
        service_account_email = google_service_account.pusher[0].email
        audience              = var.push_audience
      }
    }
  }
}

# Without these two dead-lettering does nothing, and says nothing.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  project = var.project
  topic   = google_pubsub_topic.dead_letters.name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  project      = var.project
  subscription = google_pubsub_subscription.events.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_pubsub_topic_iam_member" "bucket" {
  project = var.project
  topic   = google_pubsub_topic.events.name
  role    = "roles/pubsub.publisher"
  member  = local.storage_agent
}

# After the subscription, so that no event is lost.
resource "google_storage_notification" "bucket" {
  bucket         = var.bucket
  topic          = google_pubsub_topic.events.id
  payload_format = "JSON_API_V1"
  event_types    = ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"]
  depends_on     = [google_pubsub_topic_iam_member.bucket, google_pubsub_subscription.events]
}
