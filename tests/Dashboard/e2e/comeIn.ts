import { expect, type Page } from '@playwright/test';

/** By a code made at the machine, from wherever the sign-in was asked for. */
export async function comeIn(page: Page, code: string) {
  await expect(page).toHaveURL(/\/sign-in\?/);
  await page.getByText('I have a code that was made at the machine').click();
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
  await page.getByRole('button', { name: 'Come in' }).click();
}
