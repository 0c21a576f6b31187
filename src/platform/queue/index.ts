export { BOARD_CONTENT, createQueueBoard } from './board.ts';
export { installQueueSchema, QUEUE_SCHEMA } from './install.ts';
export {
  type EndedJob,
  type NewJob,
  openQueues,
  type QueueBackend,
  type QueueJob,
  type QueueSettings,
  type Queues,
  type Retry,
} from './queues.ts';
export { countRedisJobs, QueueUnavailable } from './redis.ts';
export { type Relay, relayRound, startRelay } from './relay.ts';
