import { defineConfig } from 'vitest/config';
import { CountReporter } from './unit/CountReporter.ts';

export default defineConfig({ test: { include: ['unit/**/*.test.ts'], reporters: ['default', new CountReporter()] } });
