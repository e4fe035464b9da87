// Lints the dashboard and its tests; run from the repository's root, so that both lie below the base path.
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['**/node_modules/', '**/*.{js,cjs,mjs}', 'web/dashboard/src/api/schema.ts']),
  ts.configs.recommended,
  { files: ['web/dashboard/**/*.{ts,tsx}'], plugins: { 'react-hooks': reactHooks }, rules: { 'react-hooks/rules-of-hooks': 'error' } },
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  { files: ['tests/Dashboard/unit/CountReporter.ts', 'tests/Dashboard/e2e/**'], rules: { 'no-console': 'off' } },
);
