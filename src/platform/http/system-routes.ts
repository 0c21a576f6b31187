import type { Express, Request } from 'express';
import type { Language } from '../../messages/index.ts';
import { Problem } from '../problem.ts';
import { known } from './known.ts';
import { openApi } from './openapi.ts';
import { docsPage, problemPage } from './pages.ts';
import { isProblemType } from './problems.ts';
import type { HttpAppOptions } from './types.ts';

const CHECK_LIMIT_MS = 3_000;

/** Pages for people: home, the API for readers, what each refusal means. They are in the reader's language. */
export function addPages<Caller>(app: Express, options: HttpAppOptions<Caller>): void {
  const { title, routes, schemas } = options;
  const page = (path: string, make: (language: Language, req: Request) => Promise<string> | string) =>
    app.get(path, async (req, res) => {
      known(req).route = path;
      const { language } = known(req);
      res.set('Content-Language', language).vary('Accept-Language');
      res.type('html').send(await make(language, req));
    });
  page('/', (language) => options.home(language));
  page('/docs', (language) => docsPage(language, title, routes, schemas));
  page('/problems', (language) => problemPage(language, null));
  page('/problems/:type', (language, req) => {
    const type = String(req.params.type);
    if (!isProblemType(type)) throw new Problem('not-found', { what: 'problem' });
    return problemPage(language, type);
  });
  app.get('/openapi.json', (req, res) => {
    known(req).route = '/openapi.json';
    const { language } = known(req);
    res.set('Content-Language', language).vary('Accept-Language');
    res.json(openApi(language, title, routes, schemas));
  });
}

/** For machines that watch: alive, ready (and if not, what is down), figures. */
export function addOperations<Caller>(app: Express, options: HttpAppOptions<Caller>): void {
  app.get('/healthz', (req, res) => {
    known(req).route = '/healthz';
    res.json({ status: 'ok' });
  });
  app.get('/readyz', async (req, res) => {
    known(req).route = '/readyz';
    const down = await failing(options.checks);
    const isDown = down.length > 0;
    res.status(isDown ? 503 : 200);
    res.json({ status: isDown ? 'down' : 'ok', down });
  });
  app.get('/metrics', async (req, res) => {
    known(req).route = '/metrics';
    const { contentType, text } = await options.metrics();
    res.type(contentType).send(text);
  });
}

async function failing(checks: Readonly<Record<string, () => Promise<void>>>): Promise<string[]> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, fail) => {
        timer = setTimeout(() => fail(new Error('late')), CHECK_LIMIT_MS);
      });
      try {
        await Promise.race([check(), late]);
        return null;
      } catch {
        return name;
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  return outcomes.filter((name) => name !== null);
}
