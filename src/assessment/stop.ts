/** Of how many claims a rule spoke, lately and in the month before. */
export interface RuleShare {
  readonly rule: string;
  /** Claims with a finding of it that is shown. */
  readonly hits: number;
  readonly before: number;
}

export interface StopLimits {
  /** Of a claim in so many a rule may speak. */
  readonly share: number;
  /** Fewer claims than that say nothing. */
  readonly claims: number;
}

/**
 * Rules that suddenly speak of too many claims: more than the limit lately, and not already in the month before, as
 * far as there were enough claims to tell.
 * @param claims that were assessed lately, and in the month before
 */
export function runaways(
  shares: readonly RuleShare[],
  claims: { readonly lately: number; readonly before: number },
  limits: StopLimits,
): readonly RuleShare[] {
  if (claims.lately < limits.claims) return [];
  const knowsBefore = claims.before >= limits.claims;
  return shares.filter(
    ({ hits, before }) =>
      hits / claims.lately > limits.share && !(knowsBefore && before / claims.before > limits.share),
  );
}
