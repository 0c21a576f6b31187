export { createHttpApp } from './app.ts';
export { type Listening, listen } from './listen.ts';
export { openApi } from './openapi.ts';
export { escapeHtml, page } from './pages.ts';
export { problemBody } from './problems.ts';
export type { HttpAppOptions, Reply, RequestDone, RequestMeta, Route, RouteInput } from './types.ts';
