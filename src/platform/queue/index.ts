export { BOARD_CONTENT, createQueueBoard } from './board.ts';
export { installQueueSchema, QUEUE_SCHEMA } from './install.ts';
export {
  countRedisJobs,
  type EndedJob,
  type NewJob,
  openQueues,
  type QueueBackend,
  type QueueJob,
  type QueueSettings,
  type Queues,
  QueueUnavailable,
  type Retry,
} from './queues.ts';
export { type Relay, relayRound, startRelay } from './relay.ts';
