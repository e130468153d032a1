#!/usr/bin/env bash
# A managed group of workers on Compute Engine, one for each 40,000 events that wait in the subscription.
#   PROJECT=my-project REGION=europe-west1 IMAGE=europe-west1-docker.pkg.dev/my-project/images/imagemeta:0.1.0 \
#   SUBSCRIPTION=images-workers STORE=firestore://my-project/my-database/images ./create.sh
# Where the group is there already, its machines are replaced by new ones, with what is given now.
# NETWORK (default), MACHINE (e2-highcpu-2), MINIMUM (1) and MAXIMUM (20) can be given too.
set -euo pipefail
cd "$(dirname "$0")"
: "${PROJECT:?}" "${REGION:?}" "${IMAGE:?}" "${SUBSCRIPTION:?}" "${STORE:?}"
NAME=imagemeta-worker
TEMPLATE="$NAME-$(date -u +%Y%m%d%H%M%S)"

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
# In this order: a value that was filled in is not looked at again.
cloud_init=$(<cloud-init.yaml)
cloud_init=${cloud_init//REGISTRY/"${IMAGE%%/*}"}
cloud_init=${cloud_init//SUBSCRIPTION/"projects/@/subscriptions/$SUBSCRIPTION"}
cloud_init=${cloud_init//=PROJECT/"=$PROJECT"}
cloud_init=${cloud_init//"projects/@/"/"projects/$PROJECT/"}
cloud_init=${cloud_init//=STORE/"=$STORE"}
cloud_init=${cloud_init//" IMAGE "/" $IMAGE "}
printf '%s\n' "$cloud_init" >"$folder/user-data"

gcloud compute instance-templates create "$TEMPLATE" \
  --project="$PROJECT" --machine-type="${MACHINE:-e2-highcpu-2}" \
  --image-family=cos-stable --image-project=cos-cloud \
  --network="${NETWORK:-default}" --no-address --tags="$NAME" \
  --service-account="imagemeta-worker@$PROJECT.iam.gserviceaccount.com" --scopes=cloud-platform \
  --shielded-secure-boot --metadata-from-file=user-data="$folder/user-data" \
  --metadata=google-logging-enabled=true,block-project-ssh-keys=true

if gcloud compute instance-groups managed describe "$NAME" --project="$PROJECT" --region="$REGION" --format="value(name)" >/dev/null 2>&1; then
  gcloud compute instance-groups managed rolling-action start-update "$NAME" \
    --project="$PROJECT" --region="$REGION" --version="template=$TEMPLATE"
  exit
fi

gcloud compute health-checks create http "$NAME" \
  --project="$PROJECT" --port=8080 --request-path=/healthz \
  --check-interval=10s --timeout=5s --unhealthy-threshold=6

# Google's health checks come from these networks.
gcloud compute firewall-rules create "$NAME-health" \
  --project="$PROJECT" --network="${NETWORK:-default}" --target-tags="$NAME" \
  --allow=tcp:8080 --source-ranges=130.211.0.0/22,35.191.0.0/16

gcloud compute instance-groups managed create "$NAME" \
  --project="$PROJECT" --region="$REGION" --template="$TEMPLATE" --size="${MINIMUM:-1}" \
  --health-check="$NAME" --initial-delay=180

gcloud compute instance-groups managed set-autoscaling "$NAME" \
  --project="$PROJECT" --region="$REGION" \
  --min-num-replicas="${MINIMUM:-1}" --max-num-replicas="${MAXIMUM:-20}" --cool-down-period=120 \
  --update-stackdriver-metric=pubsub.googleapis.com/subscription/num_undelivered_messages \
  --stackdriver-metric-filter="resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"$SUBSCRIPTION\"" \
  --stackdriver-metric-single-instance-assignment=40000
