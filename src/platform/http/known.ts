import type { NextFunction, Request, Response } from 'express';
import { type Language, preferredLanguage } from '../../messages/index.ts';
import { newId } from '../ids.ts';
import type { RequestDone } from './types.ts';

/** What the frame knows of one request, kept beside the request object. */
export interface Known {
  readonly requestId: string;
  readonly language: Language;
  readonly startedAt: bigint;
  /** Pattern of the route; `unknown` until one is found. */
  route: string;
  facilityId: string | null;
  /** Go out with the answer, also with a refusal: what is left of the rate limit, a session cookie that was renewed. */
  headers: Readonly<Record<string, string>>;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{8,80}$/;
const CALLER_GONE = 499;
const knownOf = new WeakMap<Request, Known>();

export function known(req: Request): Known {
  return knownOf.get(req) as Known;
}

/** Gives the request its id (the caller's own, if it is well-formed) and reports it when it is over. */
export function recogniser(onDone: (done: RequestDone) => void) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const wanted = req.get('X-Request-Id');
    const requestId = wanted && REQUEST_ID.test(wanted) ? wanted : newId();
    const language = preferredLanguage(req.get('Accept-Language'));
    const startedAt = process.hrtime.bigint();
    const one: Known = { requestId, language, startedAt, route: 'unknown', facilityId: null, headers: {} };
    knownOf.set(req, one);
    res.set('X-Request-Id', requestId).set('Cache-Control', 'no-store');
    res.on('close', () => {
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      const status = res.writableFinished ? res.statusCode : CALLER_GONE;
      const { route, facilityId } = one;
      onDone({ requestId, route, method: req.method, status, seconds, facilityId });
    });
    next();
  };
}
