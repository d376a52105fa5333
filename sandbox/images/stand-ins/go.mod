module olympus-stand-ins

go 1.22
