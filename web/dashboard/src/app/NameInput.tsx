import { TextInput, type TextInputProps } from '@mantine/core';

/** A name of which only one shape is taken; what is wrong is said as soon as there is something. */
export function NameInput({ shape, hint, value, ...input }: TextInputProps & { shape: RegExp; hint: string; value: string }) {
  const name = value.trim();
  return <TextInput required error={name !== '' && !shape.test(name) ? hint : null} data-autofocus value={value} {...input} />;
}
