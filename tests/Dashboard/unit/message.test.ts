import { expect, test } from 'vitest';
import { readMessage } from '../../../web/dashboard/src/features/Releases/message.ts';

test('ReadMessage_BuildFailed_WhatOutputAndNextStepAreApart', () =>
  expect(
    readMessage('The build failed with exit code 2: npm run build\nLast lines:\n> build\n\nerror TS2322\nMend it and release again.'),
  ).toEqual({
    what: 'The build failed with exit code 2: npm run build',
    output: '> build\n\nerror TS2322',
    next: 'Mend it and release again.',
  }));

test('ReadMessage_Sentences_StandAsTheyAre', () =>
  expect(readMessage('v2 serves 5 % of production. The judge is looking.')).toEqual({
    what: 'v2 serves 5 % of production. The judge is looking.',
    output: '',
    next: '',
  }));
