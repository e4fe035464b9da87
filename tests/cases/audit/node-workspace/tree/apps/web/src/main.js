export const url = import.meta.env.VITE_API_URL ?? '/api';
