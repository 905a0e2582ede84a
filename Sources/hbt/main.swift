import HBTCommands

HBTMain.main()
