const Entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escape = (text) => String(text).replace(/[&<>"']/g, (character) => Entities[character]);

export const money = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')} €`;
