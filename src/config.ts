export type Config = Readonly<{ databaseUrl: string | undefined; dataDir: string }>;
