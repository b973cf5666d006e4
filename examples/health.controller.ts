import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import {
  type ClientRemoting,
  InjectClientRemoting,
  RemotingHealthIndicator,
  type RemotingHealthResult,
  ServerRemoting,
} from 'nestjs-rocketmq';

/** What a probe gets: 200 while server and client are up, 503 with the reason when one is not. */
interface Health {
  status: 'ok' | 'error';
  details: RemotingHealthResult;
}

@Controller('health')
export class HealthController {
  constructor(
    @Inject(RemotingHealthIndicator) private readonly indicator: RemotingHealthIndicator,
    @Inject(ServerRemoting) private readonly server: ServerRemoting,
    @InjectClientRemoting('example') private readonly client: ClientRemoting,
  ) {}

  @Get()
  health(): Health {
    const details = {
      ...this.indicator.isHealthy('server', this.server),
      ...this.indicator.isHealthy('client', this.client),
    };
    const up = Object.values(details).every(each => each.status === 'up');
    if (!up) throw new ServiceUnavailableException({ status: 'error', details } satisfies Health);
    return { status: 'ok', details };
  }
}
