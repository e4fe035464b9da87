export default { build: { outDir: '../../public/web' } };
