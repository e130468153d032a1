/** Grants on a topic or subscription: a read-modify-write of its IAM policy (google.iam.v1). */

interface Binding {
  readonly role?: string | null;
  readonly members?: readonly string[] | null;
  readonly condition?: unknown;
}

export interface Policy {
  readonly version?: number | null;
  readonly bindings?: readonly Binding[] | null;
  /** Setting a policy fails where it was changed since it was read. */
  readonly etag?: unknown;
}

/** The policy with a role given to a member, whatever the time or resource; undefined where it says so already. */
export function policyWith(policy: Policy, role: string, member: string): Policy | undefined {
  const bindings = policy.bindings ?? [];
  const at = bindings.findIndex((binding) => binding.role === role && binding.condition == null);
  const members = bindings[at]?.members ?? [];
  if (members.includes(member)) return undefined;
  const binding = { role, members: [...members, member] };
  return { ...policy, bindings: at < 0 ? [...bindings, binding] : bindings.with(at, binding) };
}
