import { expect, test } from "vitest";
import { policyWith } from "../../../src/queue/pubsub/policy.ts";

const agent = "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com";
const publisher = "roles/pubsub.publisher";

test("a grant is added beside what is there, and the policy's etag and version stay", () => {
  const viewers = { role: "roles/pubsub.viewer", members: ["user:a@example.com"] };
  expect(policyWith({ version: 1, etag: "e", bindings: [viewers] }, publisher, agent)).toEqual({
    version: 1,
    etag: "e",
    bindings: [viewers, { role: publisher, members: [agent] }],
  });
  expect(policyWith({}, publisher, agent)).toEqual({ bindings: [{ role: publisher, members: [agent] }] });
});

test("a member joins the binding of its role; one that is there already changes nothing", () => {
  const others = { role: publisher, members: ["user:a@example.com"] };
  const changed = policyWith({ bindings: [others] }, publisher, agent);
  expect(changed).toEqual({ bindings: [{ role: publisher, members: ["user:a@example.com", agent] }] });
  expect(policyWith(changed ?? {}, publisher, agent)).toBeUndefined();
});

test("a grant under a condition does not count, and is left as it is", () => {
  const nightly = { role: publisher, members: [agent], condition: { expression: "request.time.getHours() < 6" } };
  expect(policyWith({ version: 3, bindings: [nightly] }, publisher, agent)).toEqual({
    version: 3,
    bindings: [nightly, { role: publisher, members: [agent] }],
  });
});
