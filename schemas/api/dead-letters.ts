import { Body, Instant, List, Some, type Static, Type, Uuid } from './types.ts';

export const DeadLetterQuery = Body({
  state: Some(Type.Enum(['open', 'closed'], { description: 'else both' })),
  queue: Some(Type.String({ maxLength: 40 })),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const DeadLetter = Body(
  {
    id: Uuid,
    queue: Type.String(),
    jobId: Type.String(),
    name: Type.String(),
    facilityCode: Type.Union([Type.String(), Type.Null()], { description: 'null = of no single facility' }),
    errorKind: Type.String({ description: 'kind and code of the error; its words stand in the log' }),
    firstAt: Instant,
    lastAt: Instant,
    times: Type.Integer({ description: 'how often it was given up' }),
    closedAt: Type.Union([Instant, Type.Null()]),
    closedHow: Type.Union([Type.Enum(['done', 'retried']), Type.Null()], {
      description: 'done: the same job was done later; retried: a person had it tried again',
    }),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  'A job of the queue that failed for the last time',
);
export const DeadLetterList = Body({
  items: List(DeadLetter, 200),
  next: Type.Union([Type.String(), Type.Null()]),
});

export type DeadLetterQuery = Static<typeof DeadLetterQuery>;
