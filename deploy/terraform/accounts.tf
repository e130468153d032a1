# The account that reads images and writes records, with the least that it needs.

locals {
  worker    = "serviceAccount:${google_service_account.worker.email}"
  firestore = one(regexall("^firestore://([^/]+)/", var.store))
  records   = one(regexall("^pubsub://([^/]+)/([^/]+)$", var.store))
}

resource "google_service_account" "worker" {
  project      = var.project
  account_id   = "imagemeta-worker"
  display_name = "imagemeta: reads images, writes records"
}

resource "google_storage_bucket_iam_member" "worker" {
  bucket = var.bucket
  role   = "roles/storage.objectViewer"
  member = local.worker
}

# A push service only publishes dead letters: it needs no right to the subscription.
resource "google_pubsub_subscription_iam_member" "worker" {
  for_each     = local.is_push ? [] : toset(["roles/pubsub.subscriber", "roles/pubsub.viewer"])
  project      = var.project
  subscription = google_pubsub_subscription.events.name
  role         = each.value
  member       = local.worker
}

resource "google_pubsub_topic_iam_member" "worker" {
  project = var.project
  topic   = google_pubsub_topic.dead_letters.name
  role    = "roles/pubsub.publisher"
  member  = local.worker
}

resource "google_project_iam_member" "firestore" {
  for_each = toset(coalesce(local.firestore, []))
  project  = each.value
  role     = "roles/datastore.user"
  member   = local.worker
}

resource "google_pubsub_topic_iam_member" "records" {
  count   = local.records == null ? 0 : 1
  project = local.records[0]
  topic   = local.records[1]
  role    = "roles/pubsub.publisher"
  member  = local.worker
}

resource "google_secret_manager_secret_iam_member" "store_password" {
  count     = var.store_password_secret == null ? 0 : 1
  project   = var.project
  secret_id = var.store_password_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.worker
}

# As whom Pub/Sub pushes.
resource "google_service_account" "pusher" {
  count        = local.is_push ? 1 : 0
  project      = var.project
  account_id   = "imagemeta-pusher"
  display_name = "imagemeta: pushes events"
}

resource "google_cloud_run_v2_service_iam_member" "pusher" {
  count    = local.is_push ? 1 : 0
  project  = var.project
  location = var.region
  name     = google_cloud_run_v2_service.push[0].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${google_service_account.pusher[0].email}"
}

# Pub/Sub makes the tokens of pushes.
resource "google_service_account_iam_member" "pusher" {
  count              = local.is_push ? 1 : 0
  service_account_id = google_service_account.pusher[0].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}
