import { expect, test } from '@playwright/test';
import { inEveryView } from './axe.ts';
import { oneTimePassword } from './oneTimePassword.ts';
import { RealServer } from './RealServer.ts';
import { settled } from './settled.ts';

test('SecondFactor_RealServer_OneTimePasswordsAndPasskey_AreSetUpAndTakenAway', async ({ page }) => {
  test.setTimeout(300_000);
  const server = new RealServer();
  try {
    await server.start();
    // Passkeys belong to a name, and an address of numbers is none.
    await settled(page, `${server.url.replace('127.0.0.1', 'localhost')}/account/security`, 'One-time passwords');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Which device it is' }).fill('Laptop');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('row', { name: /Laptop/ })).toBeVisible();

    await page.getByRole('button', { name: 'Set up' }).click();
    await expect(dialog.getByRole('img', { name: /QR code/ })).toBeVisible();
    const secret = (await dialog.locator('code').first().textContent())!.replace(/\s/g, '');
    await dialog.getByRole('textbox', { name: 'Code' }).fill(oneTimePassword(secret, Date.now()));
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    const codes = page.getByRole('dialog', { name: 'Recovery codes' });
    await expect(codes.getByRole('listitem').first()).toBeVisible();
    const many = await codes.getByRole('listitem').count();
    expect(many).toBeGreaterThanOrEqual(8);
    await page.keyboard.press('Escape');
    await expect(page.getByText(`${many} recovery codes are left.`)).toBeVisible();
    expect(await inEveryView(page)).toEqual([]);
    await page.setViewportSize({ width: 1360, height: 900 });

    await page.getByRole('button', { name: 'Turn off' }).click();
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await expect(page.getByRole('button', { name: 'Set up' })).toBeVisible();
    await page.getByRole('button', { name: 'Remove Laptop' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByRole('row', { name: /Laptop/ })).toHaveCount(0);
  } finally {
    await server.end();
  }
});
