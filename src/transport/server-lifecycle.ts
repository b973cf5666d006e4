import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import { ServerRemoting } from './server-remoting.js';

/**
 * Brings servers in step with the life of their application: they read no requests before every module is initialized
 * and those that are imported before this one are bootstrapped, and they drain while those are still there. Nest by
 * itself starts the servers of a hybrid application before `onModuleInit`, and closes them after `onModuleDestroy`.
 * It bootstraps the root module last and destroys it first: nothing that handlers need should live there.
 */
@Injectable()
export class ServerLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly servers = new Set<ServerRemoting>();
  private readonly subscription: Subscription;
  private bootstrapped = false;

  constructor(@Inject(ModulesContainer) modules: ModulesContainer) {
    this.subscription = modules.getRpcTargetRegistry().subscribe(target => {
      if (!(target instanceof ServerRemoting) || this.servers.has(target)) return;
      this.servers.add(target);
      if (!this.bootstrapped) target.pause();
    });
  }

  onApplicationBootstrap(): void {
    this.bootstrapped = true;
    for (const server of this.servers) server.resume();
  }

  async onModuleDestroy(): Promise<void> {
    this.subscription.unsubscribe();
    await Promise.all([...this.servers].map(server => server.close()));
  }
}
