import { type DynamicModule, Module } from '@nestjs/common';
import { RocketMQMetricsModule, RocketMQModule, RocketMQTracingModule } from 'nestjs-rocketmq';
import { CallsController } from './calls.controller.js';
import { HandlersController } from './handlers.controller.js';
import { HealthController } from './health.controller.js';
import { codeNames } from './request-codes.js';
import { HOST, type Settings } from './settings.js';

/** A server, two clients that call it, metrics of all three at /metrics, spans for those who collect them. */
@Module({})
export class AppModule {
  static with({ remotingPort }: Settings): DynamicModule {
    const address = `${HOST}:${remotingPort}`;
    return {
      module: AppModule,
      imports: [
        RocketMQMetricsModule.forRoot({ controller: true, requestCodes: codeNames }),
        // spans where an OpenTelemetry SDK is loaded before this (node --import), nothing elsewhere
        RocketMQTracingModule.forRoot({ requestCodes: codeNames }),
        RocketMQModule.forRoot({
          server: { name: 'example', host: HOST, port: remotingPort },
          clients: [
            { name: 'example', address },
            // answers as they are on the wire, even those that look like JSON
            { name: 'bytes', address, body: 'buffer' },
          ],
        }),
      ],
      controllers: [HandlersController, CallsController, HealthController],
    };
  }
}
