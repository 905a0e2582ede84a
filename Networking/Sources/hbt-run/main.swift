import HBTRunner

await RunMain.main()
