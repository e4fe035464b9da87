exports.up = (k) => k.schema.createTable('orders', () => {});
