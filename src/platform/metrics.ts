import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Figures for Prometheus. Labels name routes, queues and answers, never a person. */
export interface Metrics {
  readonly registry: Registry;
  request(route: string, method: string, status: number, seconds: number): void;
  /** A figure that only grows; the function returned adds one (or `by`). */
  counter(
    name: string,
    help: string,
    labels: readonly string[],
  ): (labels: Readonly<Record<string, string>>, by?: number) => void;
  /**
   * A figure that is read when it is asked for. When reading fails the figure is absent from that answer and counted
   * in `his_metric_read_failures_total`: with the database down the rest must still be seen.
   */
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Promise<readonly { labels: Record<string, string>; value: number }[]>,
  ): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'his_http_request_seconds',
    help: 'Duration of HTTP requests by route',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'his_metric_read_failures_total',
    help: 'Figures that could not be read',
    labelNames: ['metric'],
    registers: [registry],
  });
  return {
    registry,
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    counter(name, help, labels) {
      const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
      return (with_, by = 1) => counter.inc({ ...with_ }, by);
    },
    gauge(name, help, labels, read) {
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [registry],
        async collect() {
          this.reset();
          try {
            for (const { labels: with_, value } of await read()) this.set(with_, value);
          } catch {
            failures.inc({ metric: name });
          }
        },
      });
    },
  };
}
