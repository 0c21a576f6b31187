interface Deviation {
  readonly id: string;
  /** `messages`, `facts` (severity, stage, on or off) or `params.<name in the list>`. */
  readonly what: string;
  readonly why: string;
}

const each = (what: string, why: string, ids: string): readonly Deviation[] =>
  ids.split(/\s+/).map((id) => ({ id, what, why }));

const TWO_WAYS = 'the rule also finds one too many, where "lacks" would be false';
const UNKNOWN_CODE =
  'the rule also finds a code that is filled in and unknown, where "missing" would be false';
const POLICY = 'law with dates: it stands in the policy of src/benefits, once for all rules';
const OWN_NAME = 'we name it skipOtherSource, in English';

/** Where a rule of ours says other than the official list, and why. */
export const DEVIATIONS: readonly Deviation[] = [
  ...each('messages', TWO_WAYS, 'STR_XML1_PRESENT XML7_REQUIRED XML8_REQUIRED'),
  ...each('messages', 'the number of papers can be wrong in both directions', 'XML9_FOR_BIRTH_WEIGHT'),
  ...each('messages', 'the rule also finds a paper without a transfer', 'XML13_REQUIRED'),
  ...each('messages', UNKNOWN_CODE, 'SVC_SURGERY_CODE_ICD9 SVC_BODY_SIDE DRG_HERB_PROCESSING'),
  ...each('messages', 'the rule also finds data that is not called for', 'XML7_ABORTION'),
  ...each('messages', 'the rule also finds a result before admission', 'DT_RESULT_IN_STAY'),
  ...each('messages', 'the rule also finds a group, which is no rate', 'DRG_RATIO_BY_CONDITION'),
  ...each('messages', 'the rule also finds list and row elements, which are no root', 'STR_INNER_ROOT'),
  ...each('messages', 'read one by one: how many more have the key is not known', 'STR_DUPLICATE_HOSO'),
  ...each('messages', 'the catalogue flags a code and gives no reason', 'ICD_PRIMARY_DISCOURAGED'),
  ...each(
    'params.base_salary',
    POLICY,
    `BEN_CLASS_RATE BEN_LEVEL_100_REASON BEN_SMALL_CLAIM_COPAY BEN_EXEMPT_DUE BEN_SERVICE_CEILING_45
    SUP_PACKAGE_CEILING`,
  ),
  ...each('params.share', POLICY, 'BEN_LEVEL_100_REASON BEN_SMALL_CLAIM_COPAY'),
  ...each('params.levels', POLICY, 'BEN_CARD_LEVEL'),
  ...each('params.overrides', POLICY, 'BEN_CARD_LEVEL'),
  ...each('params.skip_nguonkhac', OWN_NAME, 'MON_LINE_BHTT'),
  ...each('params.skip_other_source', OWN_NAME, 'MON_LINE_BHTT'),
  ...each(
    'params.same_person',
    'a list of the fields to compare in place of a sentence, so that it can be set',
    `XENC_DUPLICATE_CLAIM XENC_SAME_PATIENT_TWO_STAYS XENC_TWO_FACILITIES XENC_INPATIENT_ELSEWHERE_OUTPATIENT
    XENC_REVISIT_WITHIN_SUPPLY XENC_REVISIT_INTERVAL XENC_VISIT_COUNT XENC_SAME_DAY_VISITS XENC_CCCD_TWO_PATIENTS
    XENC_CARD_TWO_PERSONS XENC_AFTER_DEATH XENC_TEST_REPEATED_ELSEWHERE XENC_TRANSFER_PAIR XENC_SPLIT_STAY
    XENC_COPAY_ACROSS_FACILITIES`,
  ),
];
