import { Body, FacilityCode, Instant, List, type Static, Type, Uuid, Words } from './types.ts';

const Maybe = Type.Union([Type.String(), Type.Null()]);

/** A visit at another facility, as far as another clinician must know it. */
export const HistoryVisit = Body({
  facilityCode: FacilityCode,
  facilityName: Type.String(),
  encounterId: Uuid,
  arrivedAt: Type.String(),
  endedAt: Maybe,
  classCode: Type.String(),
  finalDiagnosis: Maybe,
  outcomeCode: Maybe,
  treatment: Maybe,
  advice: Maybe,
  conditions: List(Body({ role: Type.String(), code: Type.String(), name: Type.String() }), 100),
  drugs: List(Body({ name: Type.String(), quantity: Type.String(), unit: Type.String(), dose: Maybe }), 500),
  results: List(
    Body({ name: Type.String(), value: Maybe, unit: Maybe, conclusion: Maybe, resultAt: Type.String() }),
    2_000,
  ),
});
export const History = Body({ items: List(HistoryVisit, 50) });
export const EmergencyDeclared = Body({ reason: Words(500) });
export const EmergencyAccess = Body({ id: Uuid, patientId: Uuid, expiresAt: Instant });

export type HistoryVisit = Static<typeof HistoryVisit>;
export type History = Static<typeof History>;
export type EmergencyAccess = Static<typeof EmergencyAccess>;
