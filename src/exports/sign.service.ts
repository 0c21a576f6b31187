import { documentBytes, insertSigned, packSigned, type SignedClaim } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import {
  type Certificate,
  readCertificate,
  type SignedFile,
  type Signer,
  SigningError,
  type SigningObstacle,
  signFiles,
} from '../signatures/index.ts';
import { sendEntries } from './batch.service.ts';
import { certificateInUse } from './certificate.repo.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import { lockVersions, markNotSigned, markSigned, type UnsignedClaim, unsignedClaims } from './sign.repo.ts';

/** Signed and stored together. */
const CHUNK = 100;
const MINUTE_MS = 60_000;
/** A signing service that does not answer is asked again soon; what waits for a person, once an hour. */
const PASSING_PAUSE_MS = 2 * MINUTE_MS;
const PERSON_PAUSE_MS = 60 * MINUTE_MS;

/** A facility and what it signs with. */
export interface SigningFacility {
  readonly facilityCode: string;
  readonly certificate: Certificate;
}

/**
 * Signs every built claim of a facility that has no signature yet, and taps the sender. Killed at any moment it leaves
 * signed claims signed and the others waiting: the next job, or the sweep, goes on. What is signed is never signed again.
 */
export async function signClaims(deps: ExportDependencies, facilityId: Id): Promise<void> {
  const { signer } = deps;
  if (!signer) return;
  const context = workerContext(facilityId, `sign-${facilityId}`);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  for (;;) {
    const now = deps.clock.now();
    const waiting = await inTransaction(async (tx) => {
      const claims = await unsignedClaims(tx, facilityId, now.toISOString(), CHUNK);
      return claims.length === 0 ? null : { claims, found: await certificateInUse(tx, facilityId) };
    });
    if (!waiting) return;
    const { claims } = waiting;
    const documents = claims.map((claim) => documentBytes(claim.compressed));
    try {
      const signing = signingFacility(waiting.found);
      const files = await signThese(signer, signing, documents, now);
      await inTransaction((tx) => storeSigned(tx, deps, facilityId, signing, claims, documents, files));
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      await inTransaction((tx) => refuseAll(tx, deps, facilityId, error));
      return;
    }
  }
}

/** @throws SigningError when the facility has no certificate */
export function signingFacility(
  found: { readonly facilityCode: string; readonly pem: string | null } | undefined,
): SigningFacility {
  if (!found?.pem) throw new SigningError('no-certificate');
  return { facilityCode: found.facilityCode, certificate: readCertificate(found.pem) };
}

function signThese(
  signer: Signer,
  { facilityCode, certificate }: SigningFacility,
  documents: readonly Buffer[],
  now: Date,
): Promise<(SignedFile | null)[]> {
  return signFiles(signer, facilityCode, certificate, documents, now);
}

async function storeSigned(
  tx: Transaction,
  deps: ExportDependencies,
  facilityId: Id,
  { certificate }: SigningFacility,
  claims: readonly UnsignedClaim[],
  documents: readonly Buffer[],
  files: readonly (SignedFile | null)[],
): Promise<void> {
  const now = deps.clock.now();
  const locked = await lockVersions(tx, facilityId, claims);
  const signed: SignedClaim[] = [];
  const strange: Id[] = [];
  claims.forEach((claim, index) => {
    const file = files[index];
    if (!locked.has(claim.encounterId)) return;
    if (file) signed.push(signedClaim(claim, documents[index]!, file));
    else strange.push(claim.encounterId);
  });
  const stored = await insertSigned(tx, facilityId, certificate.serial, now.toISOString(), signed);
  await markSigned(tx, facilityId, [...stored], later(now, deps.queueChanceMs));
  await enqueueMany(
    tx,
    sendEntries(
      facilityId,
      signed
        .filter((claim) => stored.has(claim.encounterId))
        .map((claim) => ({ ...claim, sequence: claim.sequence + 2 })),
    ),
  );
  if (strange.length > 0) await refuse(tx, deps, facilityId, 'not-plain', PERSON_PAUSE_MS, strange);
}

function signedClaim(claim: UnsignedClaim, unsigned: Buffer, file: SignedFile): SignedClaim {
  const { encounterId, number, sequence, attempt } = claim;
  const bytes = Buffer.concat([file.head, file.ending]);
  return {
    encounterId,
    number,
    sequence,
    attempt,
    sha256: sha256(bytes),
    size: bytes.length,
    compressed: packSigned(claim.compressed, unsigned, file),
  };
}

function refuseAll(tx: Transaction, deps: ExportDependencies, facilityId: Id, error: SigningError) {
  return refuse(
    tx,
    deps,
    facilityId,
    error.obstacle,
    error.mayPass ? PASSING_PAUSE_MS : PERSON_PAUSE_MS,
    null,
  );
}

async function refuse(
  tx: Transaction,
  deps: ExportDependencies,
  facilityId: Id,
  obstacle: SigningObstacle,
  pauseMs: number,
  only: readonly Id[] | null,
): Promise<void> {
  const now = deps.clock.now();
  const at = now.toISOString();
  const claims = await markNotSigned(tx, facilityId, obstacle, at, later(now, pauseMs), only);
  deps.log.error({ facilityId, obstacle, claims }, 'claims are not signed');
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
