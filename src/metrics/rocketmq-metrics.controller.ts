import { Controller, Get, Inject, Res, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { RocketMQCollector } from './rocketmq-collector.js';

/** What the responses of Express and of Fastify have in common. */
interface Headers {
  header(name: string, value: string): unknown;
}

/**
 * A controller that serves the registry: all its metrics, not ours alone. A class of its own for each path, because
 * the path is metadata of the class.
 */
export function metricsControllerAt(path: string): Type<unknown> {
  @Controller({ path, version: VERSION_NEUTRAL })
  class RocketMQMetricsController {
    constructor(@Inject(RocketMQCollector) private readonly collector: RocketMQCollector) {}

    @Get()
    async metrics(@Res({ passthrough: true }) response: Headers): Promise<string> {
      const { registry } = this.collector;
      response.header('Content-Type', registry.contentType);
      return registry.metrics();
    }
  }
  return RocketMQMetricsController;
}
