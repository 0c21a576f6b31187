export { createHttpApp } from './app.ts';
export { createRateLimit, type RateLimit } from './limits.ts';
export { type Listening, listen, type Patience } from './listen.ts';
export { openApi } from './openapi.ts';
export { escapeHtml, page } from './pages.ts';
export { problemBody } from './problems.ts';
export {
  ANYBODY,
  type HttpAppOptions,
  type Operation,
  type Refusal,
  type Reply,
  type RequestDone,
  type RequestInput,
  type RequestMeta,
  type Route,
  type RouteShape,
  SIGNED_IN,
} from './types.ts';
